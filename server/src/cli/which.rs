//! Which objects a comparison is about.

use clap::Args;
use lockstep::catalog::{Catalog, Dependency, Filter, Pattern, Scope};
use lockstep::diff::words;
use lockstep::engine::Result;
use lockstep::problem::{Problem, ProblemKind};

/// What of both sides is compared. A pattern is `schema`, `schema.name` or `kind:schema.name`; `*` stands for any letters.
#[derive(Args)]
pub struct Which {
    /// Compare only objects that match, e.g. public, audit.*, view:public.report_*; may be repeated
    #[arg(long, value_name = "PATTERN")]
    include: Vec<String>,
    /// Leave objects that match as they are; may be repeated
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,
    /// Compare privileges and default privileges, too
    #[arg(long)]
    with_privileges: bool,
}

impl Which {
    /// `policy` is what the target's policy says; the flag adds to it.
    pub fn scope(&self, policy: Scope) -> Scope {
        Scope { privileges: self.with_privileges || policy.privileges }
    }

    pub fn filter(&self) -> Result<Filter> {
        let patterns = |typed: &[String]| typed.iter().map(|one| pattern(one)).collect::<Result<Vec<Pattern>>>();
        Ok(Filter { include: patterns(&self.include)?, exclude: patterns(&self.exclude)? })
    }
}

fn pattern(typed: &str) -> Result<Pattern> {
    Pattern::parse(typed).ok_or_else(|| {
        Problem::new(ProblemKind::Invalid, format!("{typed} is no pattern."))
            .way_out("Write schema, schema.name or kind:schema.name with a kind such as table, view or function.")
    })
}

/// What the filter leaves of the source: elsewhere the target stays as it is. What then lacks something is a problem each.
pub fn filtered(filter: &Filter, source: Catalog, target: &Catalog) -> (Catalog, Vec<Problem>) {
    if filter.is_everything() {
        return (source, Vec::new());
    }
    let (merged, lacking) = filter.apply(&source, target);
    (merged, lacking.iter().map(lacks).collect())
}

fn lacks(edge: &Dependency) -> Problem {
    let (one, other) = (words::object(&edge.dependent), words::object(&edge.on));
    Problem::new(ProblemKind::Unsupported, format!("The {one} needs the {other}, which is left out."))
        .because("With this choice of objects the target would not have both.")
        .way_out("Include both or exclude both.")
}

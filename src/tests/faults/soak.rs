//! A stream of promotions that is disturbed at random, for as long as wanted.

use crate::child::Process;
use crate::lost::{Contents, assert_nothing_lost_of};
use crate::servers::{End, Server};
use crate::stage::{Stage, story};
use lockstep::promotion::Outcome;
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Reads a number from the environment.
fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")))
}

const DISTURBANCES: [&str; 7] =
    ["nothing", "console killed", "console terminated", "target restarted", "target crashed", "store restarted", "store crashed"];

/// Numbers that the seed decides: SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

pub async fn soak() -> ExitCode {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let (seed, minutes) = (setting("LOCKSTEP_SOAK_SEED", now), setting("LOCKSTEP_SOAK_MINUTES", 10));
    println!("{minutes} minutes with LOCKSTEP_SOAK_SEED={seed}");
    let mut dice = Dice(seed);
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let until = Instant::now() + Duration::from_secs(60 * minutes);
    let stage = Stage::new("soak").await;
    let mut console = Some(stage.console().await);
    let mut number = 0_u32;
    while Instant::now() < until {
        let disturbance = DISTURBANCES[usize::try_from(dice.below(DISTURBANCES.len() as u64)).unwrap()];
        let moment = dice.below(40);
        let outcome = promotion(&stage, &mut console, number, disturbance, moment).await;
        println!("{number:5} {disturbance} after {moment} events: {outcome}");
        *counts.entry(format!("{disturbance}: {outcome}")).or_default() += 1;
        number += 1;
    }
    for (what, count) in counts {
        println!("{count:5}  {what}");
    }
    println!("{number} promotions, nothing lost, LOCKSTEP_SOAK_SEED={seed}");
    ExitCode::SUCCESS
}

/// One promotion of one more change, disturbed once so many events were told.
async fn promotion(stage: &Stage, console: &mut Option<Process>, number: u32, disturbance: &str, moment: u64) -> &'static str {
    let trio = &stage.trio;
    let promotion = match number {
        0 => stage.promotion,
        _ => {
            let change = format!(
                "ALTER TABLE sales ADD COLUMN soak_{number} int; CREATE INDEX soak_{number} ON sales (soak_{number});
                 INSERT INTO fees VALUES ({id}, 'fee {number}', {number}); UPDATE fees SET cents = {number} WHERE id = 1",
                id = 1000 + number
            );
            trio.development_database.exec(&change).await;
            let release = trio.freeze(&format!("soak {number}")).await;
            let promotion = trio.request(release, &trio.test).await;
            trio.approve(promotion).await;
            promotion
        }
    };
    let before = Contents::of(stage.target()).await;
    let run = trio.start(promotion).await;
    stage.so_many_events(run, moment).await;
    disturb(stage, console, disturbance).await;
    let view = stage.end(run).await;
    assert_nothing_lost_of(stage, promotion, run, &view, &before).await;
    match &view.outcome {
        Some(Outcome::Succeeded) => "succeeded",
        Some(Outcome::Failed { .. }) => "failed, nothing was changed",
        _ => panic!("{}", story(&view)),
    }
}

async fn disturb(stage: &Stage, console: &mut Option<Process>, disturbance: &str) {
    match disturbance {
        "console killed" => {
            if let Some(console) = console.take() {
                console.kill().await;
            }
            *console = Some(stage.console().await);
        }
        "console terminated" => {
            if let Some(mut console) = console.take() {
                console.terminate();
                assert_eq!(console.ended().await.code(), Some(0), "the console ends in order");
            }
            *console = Some(stage.console().await);
        }
        "target restarted" => Server::Target.restart(End::Fast).await,
        "target crashed" => Server::Target.restart(End::Immediate).await,
        "store restarted" => Server::Store.restart(End::Fast).await,
        "store crashed" => Server::Store.restart(End::Immediate).await,
        _ => {}
    }
}

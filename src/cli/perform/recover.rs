//! Performs `apprentice record --recover`: makes takes of recordings whose recorder died.

use std::io::IsTerminal;

use super::super::record::RecordRequest;
use super::super::{CliError, output, vault};
use super::record::{ask_for_goal, named, recover_with, with_pictures};
use super::{controls, failed, wrong_use};
use crate::demo::recorder::{RecordError, demonstration, save, unfinished};

pub async fn recover(request: RecordRequest) -> Result<u8, CliError> {
    let library = &request.settings.demos.value;
    let workflow = &request.workflow;
    let found = unfinished(library, workflow);
    if found.is_empty() {
        return Err(failed(format!(
            "there is no unfinished recording of {workflow} in {}",
            library.display()
        )));
    }
    let masker = vault::load(&request.settings)?.masker();
    let mut lines = None;
    for one in found {
        let goal = match request.goal.clone().or_else(|| one.began.goal.clone()) {
            Some(goal) => goal,
            None if std::io::stdin().is_terminal() => {
                ask_for_goal(lines.get_or_insert_with(controls::lines)).await
            }
            None => {
                return Err(wrong_use(
                    "a demonstration needs its goal in a sentence: give it with --goal",
                ));
            }
        };
        match demonstration(workflow, &goal, &one.began.recorded, &one.witnessed) {
            Ok(recorded) => {
                let recorded = named(
                    with_pictures(recorded, &masker),
                    &request.settings.site_origins(),
                );
                let saved = save(library, None, &recorded)
                    .map_err(|e| failed(format!("{e}; {}", recover_with(workflow))))?;
                one.end();
                output::print(&format!("{}\n", saved.file.display()))?;
            }
            Err(RecordError::Nothing) => {
                if !request.global.quiet {
                    eprintln!(
                        "nothing was shown in the recording of {}, which is removed",
                        one.began.recorded
                    );
                }
                one.end();
            }
            Err(error @ RecordError::NoGoal) => return Err(failed(error.to_string())),
        }
    }
    Ok(0)
}

//! Can text in pictures be read: by the networks, or at least by tesseract?

use std::path::Path;

use crate::perception::{PerceptionError, Tesseract, Weights};

use super::Check;

const NAME: &str = "ocr";

pub(super) fn check() -> Check {
    let weights = Weights::find();
    let verified = weights.as_ref().map(Weights::verify);
    let folder = weights.as_ref().map(Weights::folder);
    let tesseract = Tesseract::find().ok();
    judge(
        folder.zip(verified),
        tesseract.as_ref().map(Tesseract::program),
    )
}

fn judge(weights: Option<(&Path, Result<(), PerceptionError>)>, tesseract: Option<&Path>) -> Check {
    match (weights, tesseract) {
        (Some((folder, Ok(()))), _) => Check::ok(NAME, format!("PP-OCRv6 in {}", folder.display())),
        (Some((folder, Err(error))), _) => Check::fail(
            NAME,
            error.to_string(),
            format!(
                "delete {} and run scripts/setup in a clone of the repository",
                folder.display()
            ),
        ),
        (None, Some(program)) => Check::warn(
            NAME,
            format!(
                "no weights, so {} stands in, which misses one word in ten",
                program.display()
            ),
            advice(),
        ),
        (None, None) => Check::fail(NAME, "nothing that reads text in pictures", advice()),
    }
}

fn advice() -> String {
    let places: Vec<String> = Weights::places()
        .iter()
        .map(|place| place.display().to_string())
        .collect();
    format!(
        "run scripts/setup in a clone of the repository, and set APPRENTICE_MODELS to its .models folder to use the weights \
         from elsewhere; looked in {}",
        places.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn judges_what_was_found() {
        let folder = Path::new("/models");
        let tesseract = Path::new("/usr/bin/tesseract");
        let damaged = || PerceptionError::WeightsDamaged {
            file: folder.join("a.onnx"),
        };
        for (weights, tesseract, expected) in [
            (Some((folder, Ok(()))), None, Status::Ok),
            (
                Some((folder, Err(damaged()))),
                Some(tesseract),
                Status::Fail,
            ),
            (None, Some(tesseract), Status::Warn),
            (None, None, Status::Fail),
        ] {
            let check = judge(weights, tesseract);
            assert_eq!(check.status, expected, "{check:?}");
        }
    }
}

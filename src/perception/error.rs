//! What can go wrong while a picture is read; every message says what, where and what to do.

use std::path::PathBuf;

use thiserror::Error;

#[derive(Debug, Error)]
pub enum PerceptionError {
    #[error("the picture cannot be read: {reason}; it must be a whole PNG or JPEG")]
    Picture { reason: String },
    #[error(
        "the picture is too large to read: {width}x{height} pixels, at most {most} in all; read a part of it"
    )]
    TooLarge { width: u32, height: u32, most: u64 },
    #[error("the OCR weights are not in {folder}: {file} is missing; run scripts/setup")]
    WeightsMissing { folder: PathBuf, file: String },
    #[error(
        "the OCR weights are damaged: {file} is not the expected file; delete it and run scripts/setup"
    )]
    WeightsDamaged { file: PathBuf },
    #[error("{file} cannot be read: {reason}")]
    File { file: PathBuf, reason: String },
    #[error("the OCR model {file} cannot be used: {reason}; delete it and run scripts/setup")]
    Model { file: PathBuf, reason: String },
    #[error("reading the picture failed: {reason}")]
    Inference { reason: String },
    #[error("tesseract failed: {reason}")]
    Tesseract { reason: String },
    #[error(
        "nothing here can read text in pictures: run scripts/setup for the OCR weights (or set APPRENTICE_MODELS to \
         their folder), or install tesseract"
    )]
    NoReader,
}

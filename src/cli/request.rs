//! What a command line means when it needs the run loop.
//!
//! Every such subcommand ends in one of these values; the one function that performs them takes it from there.

use super::browse::BrowseRequest;
use super::demos::TestRequest;
use super::record::RecordRequest;
use super::replay::ReplayRequest;
use super::resume::ResumeRequest;
use super::run::RunRequest;
use super::tour::TourRequest;

/// A job for the run loop.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    Run(RunRequest),
    Browse(BrowseRequest),
    Record(RecordRequest),
    Replay(ReplayRequest),
    Resume(ResumeRequest),
    Tour(TourRequest),
    Test(TestRequest),
}

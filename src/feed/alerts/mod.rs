//! Events out (docs/alerts.md): what an alert is on the wire, its sender, and its readers.

mod event;
mod reader;
mod sender;
mod subscriber;

pub use self::{
    event::{AlertData, AlertEvent},
    reader::{AlertReadError, read_back},
    sender::{AlertSendError, AlertSender},
    subscriber::{AlertSubscriber, ReceivedAlert, SubscribeError},
};

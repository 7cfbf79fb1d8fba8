//! Whether something needs approval, and who may give it.

use crate::sandbox::model::{Approval, Request, RequestStatus, Role};

use super::{Actor, Refusal};

/// The way a request for work takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// No request is made; the work starts.
    NoRequest,
    /// A request is made and approved at once.
    Approved,
    Wait(RequestStatus),
}

/// Decides the way: `skip_approval` counts for administrators only, and standard, limited and finance users always wait
/// for somebody ("changes need approval").
pub fn way(approval: Approval, role: Role, skip: bool) -> Way {
    if skip && role == Role::Administrator {
        return Way::NoRequest;
    }
    match approval {
        Approval::Off if role.approves() => Way::NoRequest,
        Approval::Off | Approval::OneStep => Way::Wait(RequestStatus::Pending),
        Approval::TwoStep => Way::Wait(RequestStatus::Submitted),
        Approval::Automatic => Way::Approved,
    }
}

/// Whether the caller may act on the request: administrators on all, managers on what neither they asked for nor
/// they reviewed.
pub fn may_decide(actor: Actor, request: &Request) -> Result<(), Refusal> {
    let own = request.requester == actor.user_id || request.reviewer == Some(actor.user_id);
    match actor.role {
        Role::Administrator => Ok(()),
        Role::Manager if !own => Ok(()),
        Role::Manager | Role::Limited | Role::Finance | Role::Standard => {
            Err(Refusal::InvalidApprover)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skipping_is_for_administrators() {
        assert_eq!(
            way(Approval::TwoStep, Role::Administrator, true),
            Way::NoRequest
        );
        assert_eq!(
            way(Approval::TwoStep, Role::Manager, true),
            Way::Wait(RequestStatus::Submitted)
        );
        assert_eq!(
            way(Approval::Off, Role::Administrator, false),
            Way::NoRequest
        );
        assert_eq!(
            way(Approval::Off, Role::Standard, true),
            Way::Wait(RequestStatus::Pending)
        );
        assert_eq!(
            way(Approval::Automatic, Role::Standard, false),
            Way::Approved
        );
    }
}

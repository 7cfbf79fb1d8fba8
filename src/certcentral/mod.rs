//! The Services API v2: client, wire types, errors, limiter.

// Package soak drives its own sandboxes, on loopback and never elsewhere, with many
// workers and injected faults, and compares what the client reports with what the
// sandbox did: no write twice, none lost, no read lost, no error that a retry could
// have avoided.
package soak

// Package soak drives sandboxes of its own, on loopback and never elsewhere,
// with many workers and injected faults, and holds what the client reports
// against what the sandbox did: no write twice, none lost, no read lost, no
// error that a retry could have spared.
package soak

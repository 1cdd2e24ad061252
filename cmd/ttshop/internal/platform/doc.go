// Package platform connects a run to the platform: credentials, profiles, kept
// secrets, token sources, transports that record and trace.
package platform

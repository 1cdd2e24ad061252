// Package eventgen writes package webhook/event from spec/webhooks.json: the
// topics of the platform as typed events, their enums and their samples.
package eventgen

// Package reconcile finds what webhooks did not report: it asks the API for the
// orders, returns and cancellations that were updated in a window, compares
// them with the events that were received, and raises an event for each change
// that none of them reported. Such events are marked, see [event.Meta].
package reconcile

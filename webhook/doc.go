// Package webhook receives the platform's events: it verifies deliveries, turns
// them into typed events and passes them on.
//
// The platform signs every delivery, waits three seconds for the answer, tries
// again 2 minutes, 30 minutes, 3 hours and 12 hours after a failure, and then
// drops the event. Deliveries may repeat and come out of order. A [Handler]
// therefore answers in time whatever the program does with the event:
//
//   - With an [Inbox], see [WithInbox], an event is answered 200 once it is
//     stored, and processed afterwards. Package webhook/inbox has a durable one.
//   - Without one the answer depends on the registered function: 200 when it has
//     returned, 5xx when it failed, panicked or is still busy when time is up, so
//     that the platform's own retries are what keeps the event.
//
// A program that commits the key of an event, see [event.Meta], together with its
// work sees each event exactly once.
package webhook

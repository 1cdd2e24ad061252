// Package webhook receives the platform's events: it verifies deliveries, turns
// them into typed events and hands them on.
//
// The platform signs every delivery, waits three seconds for the answer, tries
// again 2 minutes, 30 minutes, 3 hours and 12 hours after a failure, and then
// drops the event. Deliveries may repeat and come out of order. A [Handler]
// therefore answers in time whatever the program does with the event:
//
//   - With an [Inbox], see [WithInbox], an event is answered 200 once it is
//     stored, and worked on afterwards. Package webhook/inbox has a durable one.
//   - Without one the answer tells how the registered function fared: 200 when it
//     returned, 5xx when it failed, panicked or is still busy when the time is
//     over, so that the platform's own tries are what keeps the event.
//
// Whoever commits the key of an event, see [event.Meta], together with its work
// sees each event exactly once.
package webhook

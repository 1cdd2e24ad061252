// Package inbox keeps verified webhook events in NATS JetStream, between the
// answer to the platform and the work on them.
//
// [Open] takes a URL. With file:DIR the inbox has a JetStream server of its own, with
// its files in DIR and synced after every event; package embedded runs it within the
// process, and several processes of one machine may open the same folder. With
// nats://HOST:PORT the inbox uses a server or a cluster, whose settings then decide
// when an event is on disk.
//
// An [Inbox] is a [webhook.Inbox], so that a webhook.Handler answers 200 only
// for what is stored. An event whose key is stored is not stored again.
// [Inbox.Consume] hands events to a function, retries with backoff, and then
// dead-letters; a function that fails or hangs holds up no other event, except
// later ones of the same order or product if [ConsumeOptions].Ordered asks for
// that. [Forward] and [Exec] are such functions.
//
// An event is handed out at least once. A program that commits the event's key,
// see [event.Meta], together with its own work sees it exactly once.
package inbox

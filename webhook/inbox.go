package webhook

import "context"

// Inbox keeps events between the answer to the platform and the work on them.
type Inbox interface {
	// Put stores an event and returns when it is safe. It reports false
	// where an event of the same key, see [event.Meta], is stored already. An
	// error means that the event may not be stored: the platform is told to
	// try again.
	Put(ctx context.Context, e *Event) (fresh bool, err error)
}

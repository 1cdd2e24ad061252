package webhook

import "context"

// Inbox stores events between the answer to the platform and their processing.
type Inbox interface {
	// Put stores an event and returns once it is safe. It reports false if an
	// event with the same key, see [event.Meta], is already stored. An error
	// means that the event may not have been stored: the platform is told to
	// try again.
	Put(ctx context.Context, e *Event) (fresh bool, err error)
}

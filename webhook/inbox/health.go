package inbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// ErrStorage means that the inbox cannot write where it keeps events: the disk
// is full, read-only or broken. Nothing that was stored is lost; Put refuses, so
// that the platform keeps events for its later tries, and functions are not
// called. It passes by itself some seconds after the folder can be written to.
var ErrStorage = errors.New("events cannot be stored")

// Health returns nil if the inbox accepts events, and otherwise why it does not.
// The error matches [ErrStorage] if writing fails, and also [syscall.ENOSPC] if a
// disk of this machine is full.
func (b *Inbox) Health(ctx context.Context) error {
	if err := b.storageError(); err != nil {
		return fmt.Errorf("inbox: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if _, err := b.events.Info(ctx); err != nil {
		return fmt.Errorf("inbox: the server does not answer: %w", err)
	}
	return nil
}

// storageError returns why nothing can be stored, nil if unknown.
func (b *Inbox) storageError() error {
	if b.host != nil {
		return b.host.storageError()
	}
	if err := b.refused.Load(); err != nil {
		return *err
	}
	return nil
}

// noteFailure takes note of a write that failed, and of one that did not.
func (b *Inbox) noteFailure(err error) {
	refused, ok := errors.AsType[*jetstream.APIError](err)
	if ok && strings.HasPrefix(refused.Description, "maximum ") {
		return // the limit of WithMaxBytes
	}
	switch {
	case ok && refused.ErrorCode == codeStoreFailed && b.host != nil:
		b.host.report()
	case ok && (refused.ErrorCode == codeStoreFailed || refused.ErrorCode == codeNoResources):
		failed := fmt.Errorf("%w: the server says %s", ErrStorage, refused.Description)
		if b.refused.Swap(&failed) == nil {
			b.settings.log().Error("webhook inbox: the server cannot store; deliveries are refused until it can", "error", refused)
		}
	case err == nil && b.refused.Load() != nil && b.refused.Swap(nil) != nil:
		b.settings.log().Warn("webhook inbox: the server stores again")
	}
}

// Codes of the server that the client has no names for.
const (
	codeStoreFailed jetstream.ErrorCode = 10077
	codeNoResources jetstream.ErrorCode = 10047
)

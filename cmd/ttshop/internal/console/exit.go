package console

import (
	"errors"
	"fmt"

	"github.com/ttshop-go/ttshop"
)

// The exit codes.
const (
	ExitOK          = 0
	ExitFailed      = 1
	ExitUsage       = 2 // unknown command, flag or argument, or one that makes no sense
	ExitRefused     = 3 // the platform said no, or a signature is wrong
	ExitNotSignedIn = 4 // a credential was not given
)

// ExitError is an error with the exit code that it asks for.
type ExitError struct {
	Code int
	Err  error // nil: all has been said
}

// Error implements error.
func (e *ExitError) Error() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

// Unwrap returns the error inside, nil where all has been said.
func (e *ExitError) Unwrap() error { return e.Err }

// Usagef returns an error about wrong usage.
func Usagef(format string, args ...any) error {
	return &ExitError{ExitUsage, fmt.Errorf(format, args...)}
}

// NotSignedInf returns an error about a credential that was not given.
func NotSignedInf(format string, args ...any) error {
	return &ExitError{ExitNotSignedIn, fmt.Errorf(format, args...)}
}

// ExitCode returns the exit code for an error of a command.
func ExitCode(err error) int {
	var exit *ExitError
	var refused *ttshop.Error
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &exit):
		return exit.Code
	case errors.As(err, &refused):
		return ExitRefused
	case errors.Is(err, ttshop.ErrInvalidRequest): // seen by the client, before anything was sent
		return ExitUsage
	}
	return ExitFailed
}

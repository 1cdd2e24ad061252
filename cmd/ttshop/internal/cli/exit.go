package cli

import (
	"errors"
	"fmt"

	"github.com/ttshop-go/ttshop"
)

// The exit codes.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2 // unknown command, flag or argument, or one that makes no sense
	exitRefused     = 3 // the platform said no, or a signature is wrong
	exitNotSignedIn = 4 // a credential was not given
)

// exitError is an error with the exit code that it asks for.
type exitError struct {
	code int
	err  error // nil: all has been said
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

func notSignedInf(format string, args ...any) error {
	return &exitError{exitNotSignedIn, fmt.Errorf(format, args...)}
}

// exitCode returns the exit code for an error of a command.
func exitCode(err error) int {
	var exit *exitError
	var refused *ttshop.Error
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &exit):
		return exit.code
	case errors.As(err, &refused):
		return exitRefused
	case errors.Is(err, ttshop.ErrInvalidRequest): // seen by the client, before anything was sent
		return exitUsage
	}
	return exitFailed
}

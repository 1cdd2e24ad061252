package mcp

import (
	"context"
	"errors"
	"strconv"

	"github.com/ttshop-go/ttshop"
)

// Failure is an error as an assistant is told it.
type Failure struct {
	Class     string `json:"class"`
	Message   string `json:"message"`
	Next      string `json:"next,omitempty"` // what to do
	Retryable bool   `json:"retryable"`      // the same call may succeed later
	Code      int    `json:"code,omitempty"` // of the platform
	RequestID string `json:"request_id,omitempty"`
}

// Error implements error.
func (f *Failure) Error() string { return f.Message }

// classes are the classes of errors of the client, the more special first.
func classes() []struct {
	err       error
	name      string
	next      string
	retryable bool
} {
	return []struct {
		err       error
		name      string
		next      string
		retryable bool
	}{
		{ttshop.ErrOutcomeUnknown, "outcome_unknown", "the write may have been carried out: look before you plan it again", false},
		{ttshop.ErrRateLimited, "rate_limited", "wait a few seconds, then call again", true},
		{ttshop.ErrScope, "scope", "the app lacks a right; a person has to grant it", false},
		{ttshop.ErrTokenExpired, "token", "a person has to sign in again: ttshop login", false},
		{ttshop.ErrSignature, "signature", "a person has to check the app's secret", false},
		{ttshop.ErrUnauthorized, "unauthorized", "a person has to check what the app and the shop may do", false},
		{ttshop.ErrNotFound, "not_found", "check the id and the shop", false},
		{ttshop.ErrInvalidRequest, "invalid_request", "correct the parameters; describe_operation shows them", false},
		{ttshop.ErrUnavailable, "unavailable", "call again in a minute", true},
		{context.DeadlineExceeded, "timeout", "call again, for less", true},
	}
}

// failureOf returns an error as an assistant is told it.
func failureOf(err error) *Failure {
	if failure, ok := errors.AsType[*Failure](err); ok {
		return failure
	}
	f := &Failure{Class: "failed", Message: clean(err.Error())}
	for _, c := range classes() {
		if errors.Is(err, c.err) {
			f.Class, f.Next, f.Retryable = c.name, c.next, c.retryable
			break
		}
	}
	if refused, ok := errors.AsType[*ttshop.Error](err); ok {
		f.Code, f.RequestID = refused.Code, refused.RequestID
		if refused.Code != 0 {
			f.Next += "; explain_error " + strconv.Itoa(refused.Code) + " says more"
		}
	}
	const most = 600
	if runes := []rune(f.Message); len(runes) > most {
		f.Message = string(runes[:most]) + "…"
	}
	return f
}

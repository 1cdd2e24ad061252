package ttshop

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// The classes of errors, for [errors.Is]. An error may belong to more than one.
var (
	// ErrSignature: the platform rejects the signature or its timestamp.
	ErrSignature = errors.New("signature refused")
	// ErrTokenExpired: the access token has expired; refresh it.
	ErrTokenExpired = errors.New("access token expired")
	// ErrUnauthorized: the app, the token or the caller is not allowed in.
	ErrUnauthorized = errors.New("not authorized")
	// ErrScope: the app or the token lacks the scope of the operation.
	ErrScope = errors.New("scope missing")
	// ErrRateLimited: too many calls; slow down.
	ErrRateLimited = errors.New("rate limited")
	// ErrInvalidRequest: the request cannot succeed as it is.
	ErrInvalidRequest = errors.New("invalid request")
	// ErrNotFound: the path or the object does not exist.
	ErrNotFound = errors.New("not found")
	// ErrUnavailable: the platform cannot answer now; try later.
	ErrUnavailable = errors.New("unavailable")
	// ErrOutcomeUnknown: a write may or may not have been carried out; read
	// the object before trying again.
	ErrOutcomeUnknown = errors.New("outcome unknown")
)

// The classes of refusals by a rule of the business, for [errors.Is]. Each refines
// one of the classes above: ErrBusy is [ErrUnavailable], an ErrQuota that renews
// itself is [ErrRateLimited], and the rest are [ErrInvalidRequest]. The constants
// Code… of the packages below api name single codes.
var (
	// ErrAlreadyDone: what the call asks for was done before: the package that
	// is to be shipped is shipped. It is [ErrState] too.
	ErrAlreadyDone = errors.New("already done")
	// ErrState: the object's status forbids the call; read the object.
	ErrState = errors.New("not in this status")
	// ErrConflict: it conflicts with something that exists, such as a title
	// that is taken.
	ErrConflict = errors.New("conflict")
	// ErrQuota: an allowance is used up. If it is [ErrRateLimited] too, it is
	// renewed, usually the next day; otherwise room has to be made.
	ErrQuota = errors.New("allowance used up")
	// ErrPermission: the seller, the shop or the object lacks a right, whatever
	// the app was granted.
	ErrPermission = errors.New("not permitted")
	// ErrBusy: the object is still being processed; try again later.
	ErrBusy = errors.New("still being processed")
)

// Error is a refusal by the platform: an answer with a code other than 0, or
// one without an HTTP success status. [errors.Is] matches its classes.
type Error struct {
	Operation  string // name of the operation, or method and path
	HTTPStatus int    // status of the answer
	Code       int    // the platform's code; 0 where the answer had no envelope
	// CodeText is the code of an answer that is not the platform's but, say, a
	// gateway's, which writes it as text; empty otherwise. Code is then 0.
	CodeText  string
	Message   string // the platform's text, with secrets removed
	RequestID string // the platform's id of the call, for its support team; may be empty
	Tries     int    // how often the call was sent
	// Write reports that the operation changes something, so that a failure
	// inside the platform leaves its outcome unknown.
	Write bool
	// Uncertain reports that an earlier try of this write may have been carried
	// out, whatever this answer says.
	Uncertain bool
	// IdempotencyKey is the key that every try carried; empty where the
	// operation has none.
	IdempotencyKey string
	// Check names the operation that shows whether the write was carried out;
	// empty if unknown.
	Check string
	// Scope is the scope that the operation requires; empty if unknown.
	Scope string
}

// Error returns one paragraph: what was refused, the platform's words and what
// to do about it.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Operation != "" {
		b.WriteString(e.Operation)
		b.WriteString(": ")
	}
	switch {
	case e.CodeText != "":
		b.WriteString("something other than the platform, such as a gateway, refused the call (code " + e.CodeText + ", ")
	case e.Code != 0:
		b.WriteString("the platform refused the call (code " + strconv.Itoa(e.Code) + ", ")
	default:
		b.WriteString("the platform refused the call (")
	}
	b.WriteString("HTTP " + strconv.Itoa(e.HTTPStatus))
	if e.RequestID != "" {
		b.WriteString(", request " + e.RequestID)
	}
	b.WriteString(")")
	if e.Message != "" {
		b.WriteString(": " + strconv.Quote(e.Message))
	}
	if advice := e.Advice(); advice != "" {
		b.WriteString(". " + advice)
	}
	return b.String()
}

// Is reports whether the error belongs to the class target.
func (e *Error) Is(target error) bool { return e.classes().has(target) }

// TransportError means that a call got no readable answer: no connection, a
// broken connection, a timeout, or an answer that is not the platform's. It is
// [ErrOutcomeUnknown] when the operation is a write that may have reached the
// platform, and [ErrUnavailable] otherwise.
type TransportError struct {
	Operation string // name of the operation, or method and path
	Write     bool   // the operation changes something
	Sent      bool   // this or an earlier try may have reached the platform
	Tries     int    // how often the call was sent
	Err       error  // the cause
	// IdempotencyKey is the key that every try carried; empty where the
	// operation has none.
	IdempotencyKey string
	// Check names the operation that shows whether the write was carried out;
	// empty if unknown.
	Check string
}

// Error returns the cause and what it means for the call.
func (e *TransportError) Error() string {
	switch {
	case !e.Sent:
		return fmt.Sprintf("%s: the request was not sent: %v", e.Operation, e.Err)
	case e.Write:
		return fmt.Sprintf("%s: no answer that can be read: %v. The platform may have carried the call out; %s", e.Operation, e.Err, findOut(e.Check, e.IdempotencyKey))
	}
	return fmt.Sprintf("%s: no answer that can be read: %v", e.Operation, e.Err)
}

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.Err }

// Is reports whether the error belongs to the class target.
func (e *TransportError) Is(target error) bool {
	if e.Sent && e.Write {
		return target == ErrOutcomeUnknown
	}
	return target == ErrUnavailable
}

package ttshop

import (
	"errors"
	"net/http"
	"slices"
	"strings"
)

// classes is a set of error classes.
type classes uint32

const (
	classSignature classes = 1 << iota
	classTokenExpired
	classUnauthorized
	classScope
	classRateLimited
	classInvalidRequest
	classNotFound
	classUnavailable
	classOutcomeUnknown
	classClock // the timestamp; refines classSignature
	classIP    // the caller's address; refines classUnauthorized

	// These refine the classes above.
	flagQuota      // an allowance that resets after hours or a day
	flagFull       // an allowance that does not
	flagDone       // what the call asks for was done before
	flagState      // the object's status forbids the call
	flagConflict   // it conflicts with what already exists
	flagPermission // the seller or the shop lacks a right
	flagBusy       // the object is still being processed

	classQuota      = classRateLimited | flagQuota
	classFull       = classInvalidRequest | flagFull
	classState      = classInvalidRequest | flagState
	classDone       = classState | flagDone
	classConflict   = classInvalidRequest | flagConflict
	classPermission = classInvalidRequest | flagPermission
	classBusy       = classUnavailable | flagBusy
	// classInterrupted marks a call that may have failed halfway through.
	classInterrupted = classUnavailable | classOutcomeUnknown
)

// sentinels holds the error that stands for each class.
var sentinels = [...]struct {
	class classes
	err   error
}{
	{classSignature, ErrSignature},
	{classTokenExpired, ErrTokenExpired},
	{classUnauthorized, ErrUnauthorized},
	{classScope, ErrScope},
	{classRateLimited, ErrRateLimited},
	{classInvalidRequest, ErrInvalidRequest},
	{classNotFound, ErrNotFound},
	{classUnavailable, ErrUnavailable},
	{classOutcomeUnknown, ErrOutcomeUnknown},
	{flagQuota | flagFull, ErrQuota},
	{flagDone, ErrAlreadyDone},
	{flagState, ErrState},
	{flagConflict, ErrConflict},
	{flagPermission, ErrPermission},
	{flagBusy, ErrBusy},
}

func (c classes) has(target error) bool {
	for _, s := range sentinels {
		if c&s.class != 0 && errors.Is(s.err, target) {
			return true
		}
	}
	return false
}

// The platform's codes that concern every operation.
const (
	codeTooManyRequests = 36009002
	codeInternal        = 36009003
	codeInvalid         = 36009004 // collective, see classifyInvalid
	codeUpstreamTimeout = 36009007
	codeNoSuchPath      = 36009009
	codeBadMethod       = 36009010
	codeBadVersion      = 36009014
	codeUploadTooLarge  = 36009021
	codeBadBodyType     = 36009022
	codeWantMultipart   = 36009023
	codeIPNotAllowed    = 36009033
	codeHourlyQuota     = 36009037
	codeShopInactive    = 36009043
	codeSellerInactive  = 36009044
	codeWrongUser       = 101000
	codeTokenInvalid    = 105001
	codeTokenExpired    = 105002
	codeSellerRegion    = 105004
	codeScopeMissing    = 105005
	codeBadSignature    = 106001
	codeCipherMissing   = 106013
	codeBadParameter    = 98001004

	codeAuthKeyRefused     = 36004003
	codeAuthRefreshExpired = 36004001
	codeAuthCodeInvalid    = 36004004
	codeAuthAgain          = 36004005
	codeAuthCodeUsed       = 98001005
	codeAuthRefreshInvalid = 98001006
)

// classes returns the classes of an answer.
func (e *Error) classes() classes {
	c := classify(e.Code, e.HTTPStatus, e.Message)
	if !e.Write {
		return c &^ classOutcomeUnknown
	}
	if e.Uncertain {
		c |= classOutcomeUnknown
	}
	return c
}

// classify returns the classes of an answer to a write. The code decides; the
// HTTP status only where the code says nothing.
func classify(code, status int, message string) classes {
	switch code {
	case codeBadSignature:
		return classSignature
	case codeTokenExpired:
		return classTokenExpired | classUnauthorized
	case codeTokenInvalid, codeWrongUser, codeSellerRegion, codeShopInactive, codeSellerInactive,
		codeAuthKeyRefused, codeAuthRefreshExpired, codeAuthCodeInvalid, codeAuthAgain, codeAuthCodeUsed, codeAuthRefreshInvalid:
		return classUnauthorized
	case codeIPNotAllowed:
		return classUnauthorized | classIP
	case codeScopeMissing:
		return classScope
	case codeTooManyRequests:
		return classRateLimited
	case codeHourlyQuota:
		return classQuota
	case codeNoSuchPath:
		return classNotFound
	case codeBadMethod, codeBadVersion, codeUploadTooLarge, codeBadBodyType, codeWantMultipart, codeCipherMissing, codeBadParameter:
		return classInvalidRequest
	case codeInvalid:
		return classifyInvalid(message)
	case codeInternal, codeUpstreamTimeout:
		return classInterrupted
	}
	switch {
	case status == http.StatusTooManyRequests:
		return classRateLimited
	case status >= 500:
		// 503 too: it is documented as overload protection, but a proxy on the
		// way also sends it when its upstream connection broke.
		return classInterrupted
	case code != 0:
		return businessClass(code)
	case status == http.StatusNotFound:
		return classNotFound
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return classUnauthorized
	case status >= 400:
		return classInvalidRequest
	}
	return 0
}

// classifyInvalid tells apart the meanings of 36009004. The documentation warns
// against relying on the number alone and varies its quotes, so only words count.
func classifyInvalid(message string) classes {
	m := strings.ToLower(message)
	switch {
	case strings.Contains(m, "x-tts-access-token"), strings.Contains(m, "app_key"):
		return classUnauthorized
	case strings.Contains(m, "timestamp"):
		return classSignature | classClock
	case strings.Contains(m, "'sign'"), strings.Contains(m, "`sign`"), strings.Contains(m, "\"sign\""), strings.Contains(m, "missing credentials"):
		return classSignature
	}
	return classInvalidRequest
}

// businessClass returns the class of a code that some operations answer with.
// Codes that are not listed are about the request itself.
func businessClass(code int) classes {
	for _, list := range businessCodes {
		if slices.Contains(list.codes, code) {
			return list.class
		}
	}
	return classInvalidRequest
}

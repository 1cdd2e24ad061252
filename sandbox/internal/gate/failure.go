package gate

import (
	"net/http"
	"strconv"
	"strings"
)

// Codes of the gateway and of the authorization host.
const (
	CodeThrottled        = 36009002
	CodeInternal         = 36009003
	CodeInvalidParameter = 36009004 // collective: app key, timestamp, sign, token, fields
	codeTimeout          = 36009007
	codePathUnknown      = 36009009
	// codeVersionRetired is documented for a version that is not valid or not
	// any more. Nobody recorded it, so that its status is inferred.
	codeVersionRetired   = 36009014
	CodeMethodNotAllowed = 36009010
	codeTooLarge         = 36009021
	codeContentType      = 36009022
	codeMultipartOnly    = 36009023
	codeForeignAddress   = 36009033
	codeHourlyQuota      = 36009037
	codeShopInactive     = 36009043
	codeSellerInactive   = 36009044
	codeIdentity         = 101000
	codeTokenInvalid     = 105001
	codeTokenExpired     = 105002
	codeScopeMissing     = 105005
	codeSignature        = 106001
	codeCipherMissing    = 106013

	CodeAuthParameter = 98001004
)

// Codes of the order and product domains.
const ()

// Failure is an answer other than success.
type Failure struct {
	status  int
	Code    int
	Message string
}

// Fail answers with a code and the HTTP status that goes with it. The parts
// are joined to the message.
func Fail(code int, message ...string) *Failure {
	return &Failure{statusOf(code), code, strings.Join(message, "")}
}

// statusOf returns the HTTP status of a code. Observed are 400, 401 and 404;
// 403 and 429 stand in the documents. Where both are silent, gateway checks
// answer with the status that HTTP gives to the cause, and business rules with
// 200.
func statusOf(code int) int {
	switch code {
	case CodeInvalidParameter, codeContentType, codeMultipartOnly, codeCipherMissing:
		return http.StatusBadRequest
	case codeSignature, codeTokenInvalid, codeTokenExpired, codeScopeMissing, codeIdentity,
		codeShopInactive, codeSellerInactive:
		return http.StatusUnauthorized
	case codeForeignAddress:
		return http.StatusForbidden
	case codePathUnknown, codeVersionRetired:
		return http.StatusNotFound
	case CodeMethodNotAllowed:
		return http.StatusMethodNotAllowed
	case codeTooLarge:
		return http.StatusRequestEntityTooLarge
	case CodeThrottled, codeHourlyQuota:
		return http.StatusTooManyRequests
	case CodeInternal:
		return http.StatusInternalServerError
	case codeTimeout:
		return http.StatusGatewayTimeout
	}
	return http.StatusOK
}

// gatewayMessage returns a text for the codes that a fault may inject.
func gatewayMessage(code int) string {
	switch code {
	case CodeThrottled:
		return "Too many requests for downstream."
	case CodeInternal:
		return "internal error, try again"
	case codeTimeout:
		return "the service behind the gateway did not answer in time"
	case codeHourlyQuota:
		return "the hourly quota of this development shop is used up"
	case codeTokenInvalid:
		return "the access token is no longer authorized"
	case codeTokenExpired:
		return "the access token in header 'x-tts-access-token' has expired"
	case codeScopeMissing:
		return "Access denied. The access scopes granted for the app or the access token do not contain the required access scope"
	case codeSignature:
		return "Invalid credentials. The 'sign' query parameter is invalid."
	case codeShopInactive:
		return "the shop is not active"
	case codeSellerInactive:
		return "the seller is not active"
	}
	return "injected fault"
}

// Missing says that a mandatory parameter or field is absent.
func Missing(name string) *Failure {
	return Fail(CodeInvalidParameter, "'", name, "' is a required field")
}

// NotAllowed says that a value is not in the list of a parameter or field.
func NotAllowed(name, value string, allowed []string) *Failure {
	return Fail(CodeInvalidParameter, "'", name, "' does not allow ", strconv.Quote(value),
		", allowed values: ", strings.Join(allowed, ","))
}

// WrongType says that a parameter or field has another type.
func WrongType(name, actual, expected string) *Failure {
	return Fail(CodeInvalidParameter, "'", name, "' has type ", actual, ", expected type: ", expected)
}

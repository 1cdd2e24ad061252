package ttshop

// Advice returns what to do about the error, in a sentence or two, or an
// empty string when the platform's own words say it all.
func (e *Error) Advice() string {
	advice := e.advice()
	if e.Write && e.Uncertain && classify(e.Code, e.HTTPStatus, e.Message)&classOutcomeUnknown == 0 {
		if advice != "" {
			advice += ". "
		}
		advice += "An earlier attempt may have been carried out; " + findOut(e.Check, e.IdempotencyKey)
	}
	return advice
}

func (e *Error) advice() string {
	switch e.Code {
	case codeAuthCodeInvalid, codeAuthCodeUsed:
		return "The auth code is wrong, was used or is older than 30 minutes; send the user through the authorization link again"
	case codeAuthRefreshExpired, codeAuthRefreshInvalid, codeAuthAgain:
		return "The refresh token has expired or was replaced; the user must authorize the app again"
	case codeWrongUser:
		return "The cipher of the shop or category asset is wrong or not of this token, or the token's user is not of the kind that the operation asks for; fetch the cipher again, that of a shop with GET /authorization/202309/shops"
	case codeCipherMissing:
		return "The operation is about one shop; call it on a client bound by Shop(cipher)"
	case codeShopInactive, codeSellerInactive:
		return "The shop or seller is not active on the platform"
	case codeHourlyQuota:
		return "The hourly quota of a development shop is used up; wait for the next hour"
	case codeWantMultipart:
		return "The operation takes a multipart/form-data body"
	case codeNoSuchPath:
		return "Check the path and its version"
	}
	c := classify(e.Code, e.HTTPStatus, e.Message)
	if !e.Write {
		c &^= classOutcomeUnknown
	}
	switch {
	case e.CodeText != "" && c&(classOutcomeUnknown|classRateLimited|classUnavailable) == 0:
		return "The code is not one of the platform's: check the endpoint, and ask whoever runs the proxy or gateway in between"
	case c&classClock != 0:
		return "The timestamp must be in Unix seconds, at most 5 minutes old and at most 30 seconds ahead; check this machine's clock"
	case c&classSignature != 0:
		return "Check that the app secret belongs to the app key and that the body is sent byte for byte as it was signed"
	case c&classTokenExpired != 0:
		return "Refresh the access token and repeat the call"
	case c&classScope != 0:
		scope := "operation's scope"
		if e.Scope != "" {
			scope = "scope " + e.Scope
		}
		return "Add the " + scope + " to the app in Partner Center and let the seller authorize it again"
	case c&classIP != 0:
		return "This machine's address is not in the app's allow list"
	case c&classUnauthorized != 0:
		return "Check the app key and the access token; if both are right, the user must authorize the app again"
	case c&classOutcomeUnknown != 0:
		return "The call may have been carried out; " + findOut(e.Check, e.IdempotencyKey)
	case c&flagQuota != 0:
		return "The allowance for these calls is used up; continue when it resets, usually the next day"
	case c&classRateLimited != 0:
		return "Wait a second, then twice as long each time, before calling again"
	case c&flagBusy != 0:
		return "The object is still being processed; try again later"
	case c&classUnavailable != 0:
		return "Try again later"
	case c&flagFull != 0:
		return "A limit of the shop or the object is reached; make room first"
	case c&flagDone != 0:
		return "It was done before; there is nothing left to do"
	case c&flagState != 0:
		return "The object's status forbids the call; read the object to see where it stands"
	case c&flagConflict != 0:
		return "It conflicts with something that already exists; repeating it does not help"
	case c&flagPermission != 0:
		return "The seller or the shop does not have this right; the app and its token are not the cause"
	}
	return ""
}

// findOut says how to learn whether a write was carried out.
func findOut(check, idempotencyKey string) string {
	text := "read the object before trying again"
	if check != "" {
		text = "find out with " + check + " before trying again"
	}
	if idempotencyKey != "" {
		text += ", or repeat the call with the idempotency key " + idempotencyKey
	}
	return text
}

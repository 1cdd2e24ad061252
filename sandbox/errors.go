package sandbox

import (
	"net/http"
	"strconv"
	"strings"
)

// Codes of the gateway and of the authorization host.
const (
	codeThrottled        = 36009002
	codeInternal         = 36009003
	codeInvalidParameter = 36009004 // collective: app key, timestamp, sign, token, fields
	codeTimeout          = 36009007
	codePathUnknown      = 36009009
	codeMethodNotAllowed = 36009010
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

	codeAuthParameter = 98001004
	codeAuthCode      = 36004004 // wrong, used or expired
	codeRefreshToken  = 36004001 // expired; graded B-, see refreshToken
)

// Codes of the order and product domains.
const (
	codeForeignOrder   = 21008111
	codeForeignPackage = 10006402

	codeProductUnknown      = 12052032
	codeProductForeign      = 12052048
	codeProductStatus       = 12052901
	codeTooManyProducts     = 12019120
	codePageSize            = 12019109
	codeTooManySellerSKUs   = 12019027
	codeTooManySKUIDs       = 12019087
	codeTooManySKUs         = 12019015
	codeCategoryUnknown     = 12052023
	codeCategoryHasChildren = 12052024
	codeCategoryVersion     = 12052217
	codeBrandUnknown        = 12052026
	codeTitleLength         = 12052051
	codeTitleText           = 12052931
	codeDescriptionLength   = 12052013
	codeDescriptionText     = 12052932
	codeDescriptionImages   = 12052056
	codeMainImageMissing    = 12052028
	codeMainImageCount      = 12052306
	codeMainImageUnknown    = 12052300
	codeSKUCount            = 12052558
	codeSKUListEmpty        = 12052902
	codeSKURepeated         = 12052553
	codeSKUUnknown          = 12052556
	codeSKUForeign          = 12052557
	codeSellerSKU           = 12052054
	codeSalesAttributeCount = 12052525
	codeSalesAttributeSet   = 12052550
	codeSalesAttributeTwice = 12052560
	codeSalesAttribute      = 12052527
	codeSalesValue          = 12052529
	codeSalesImageUnknown   = 12052520
	codeSalesImageCount     = 12052356
	codeSalesImageSpread    = 12052528
	codeMainImageSmall      = 12052301
	codeMainImageLarge      = 12052302
	codeAttributeTwice      = 12052254
	codeAttributeForbidden  = 12052240
	codeAttributeMandatory  = 12052104
	codeAttributeUnnamed    = 12052241
	codeAttributeNameLength = 12052242
	codeAttributeSingle     = 12052246
	codeAttributeCustom     = 12052247
	codeAttributeValue      = 12052248
	codeAttributeLength     = 12052249
	codeCOD                 = 12052222
	codePriceFormat         = 12052012
	codePriceRange          = 12052570
	codePriceCurrency       = 12052084
	codeListPrice           = 12052383
	codeSalePriceMissing    = 12052424
	codeQuantity            = 12052055
	codeWarehouseForeign    = 12052530
	codeWarehouseOff        = 12052531
	codeWarehouseOutbound   = 12052532
	codeWarehouseUnknown    = 12052097
	codeWarehouseSet        = 12052037
	codeWarehouseMissing    = 12019028
	codeWeightZero          = 12052181
	codeWeight              = 12019011
	codeImperialUnits       = 12019061
	codeUnitSystems         = 12052915
	codeDimensions          = 12052116
	codeMinimumQuantity     = 12052706
	codeIdentifierDigits    = 12052591
	codeIdentifierTwice     = 12052592
	codeBrandShort          = 12052189
	codeBrandLong           = 12052190
	codeBrandLetters        = 12052191
	codeBrandDigits         = 12052192
	codeBrandName           = 12052204
	codeBrandExists         = 12052205
	codeFileUnreadable      = 12038002
	codeFileFormat          = 12038004
	codeFileSize            = 12038005
	codeImageResolution     = 12019116 // outside the limits of every image
	codeImageDimensions     = 12038014 // outside the limits of its use case
	codeForeignImage        = 12052722
	codeFileEmpty           = 12019103
	codeFileName            = 12019104
	codeFileKind            = 12019105
	codeVideoRatio          = 12019122
	codeVideoUnknown        = 12052360
	codeCertificationImage  = 12052650
	codeCertificationTwice  = 12052656
	codeCertificationFile   = 12052658
	codeSizeChartUnknown    = 12052128
	codeSizeChartImage      = 12052670
	codeManufacturerUnknown = 12052284
	codeManufacturerForeign = 12052285
	codeManufacturerTwice   = 12052295
	codePersonUnknown       = 12052289
	codePersonForeign       = 12052290
	codePersonTwice         = 12052296
)

// failure is an answer other than success.
type failure struct {
	status  int
	code    int
	message string
}

// fail answers with a code and the HTTP status that goes with it. The parts
// are joined to the message.
func fail(code int, message ...string) *failure {
	return &failure{statusOf(code), code, strings.Join(message, "")}
}

// statusOf returns the HTTP status of a code. Observed are 400, 401 and 404;
// 403 and 429 stand in the documents. Where both are silent, gateway checks
// answer with the status that HTTP gives to the cause, and business rules with
// 200.
func statusOf(code int) int {
	switch code {
	case codeInvalidParameter, codeContentType, codeMultipartOnly, codeCipherMissing:
		return http.StatusBadRequest
	case codeSignature, codeTokenInvalid, codeTokenExpired, codeScopeMissing, codeIdentity,
		codeShopInactive, codeSellerInactive:
		return http.StatusUnauthorized
	case codeForeignAddress:
		return http.StatusForbidden
	case codePathUnknown:
		return http.StatusNotFound
	case codeMethodNotAllowed:
		return http.StatusMethodNotAllowed
	case codeTooLarge:
		return http.StatusRequestEntityTooLarge
	case codeThrottled, codeHourlyQuota:
		return http.StatusTooManyRequests
	case codeInternal:
		return http.StatusInternalServerError
	case codeTimeout:
		return http.StatusGatewayTimeout
	}
	return http.StatusOK
}

// gatewayMessage returns a text for the codes that a fault may inject.
func gatewayMessage(code int) string {
	switch code {
	case codeThrottled:
		return "too many requests, slow down"
	case codeInternal:
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
		return "the access token lacks the scope of this operation"
	case codeSignature:
		return "the signature in 'sign' does not fit this request"
	case codeShopInactive:
		return "the shop is not active"
	case codeSellerInactive:
		return "the seller is not active"
	}
	return "injected fault"
}

// missing says that a mandatory parameter or field is absent.
func missing(name string) *failure {
	return fail(codeInvalidParameter, "'", name, "' is a required field")
}

// notAllowed says that a value is not in the list of a parameter or field.
func notAllowed(name, value string, allowed []string) *failure {
	return fail(codeInvalidParameter, "'", name, "' does not allow ", strconv.Quote(value),
		", allowed values: ", strings.Join(allowed, ","))
}

// wrongType says that a parameter or field has another type.
func wrongType(name, actual, expected string) *failure {
	return fail(codeInvalidParameter, "'", name, "' has type ", actual, ", expected type: ", expected)
}

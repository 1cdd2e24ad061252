package category

const (
	CodePageSize            = 12019109
	codeCategoryUnknown     = 12052023
	codeCategoryHasChildren = 12052024
	CodeCategoryVersion     = 12052217
	CodeDescriptionLength   = 12052013
	codeBrandShort          = 12052189
	codeBrandLong           = 12052190
	codeBrandLetters        = 12052191
	codeBrandDigits         = 12052192
	codeBrandName           = 12052204
	codeBrandExists         = 12052205
)

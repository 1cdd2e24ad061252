package sandbox

const (
	codeTooManySKUs      = 12019015
	codeWarehouseMissing = 12019028
)

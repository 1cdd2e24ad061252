package stock

const (
	codeTooManySKUs      = 12019015
	codeTooManyProducts  = 12019120
	codeWarehouseMissing = 12019028
)

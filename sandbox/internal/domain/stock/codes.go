package stock

const (
	codeTooManySKUs      = 12019015
	codeWarehouseMissing = 12019028
	codeCombinedStock    = 12052850
)

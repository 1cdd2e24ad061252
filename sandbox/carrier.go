package sandbox

// The limits of a package, those that carriers in the US commonly have: 70
// pounds, 108 inches on the longest side.
const (
	maxPackageGrams = 31_751
	maxPackageSide  = 2_743
)

// reason is the key of a cancel reason: Britain has variants of its own.
func (r *region) reason(key string) string {
	if r.code == "GB" {
		return key + "_uk"
	}
	return key
}

// carrier is a shipping provider.
type carrier struct{ id, name, prefix string }

func carriers(region string) []carrier {
	switch region {
	case "US":
		return []carrier{{"7117858858072016686", "USPS", "9400"}, {"7117859084333745966", "UPS", "1Z"}, {"7129720299146184490", "FedEx", "7712"}}
	case "GB":
		return []carrier{{"6965790118209833730", "Royal Mail", "RM"}, {"6965790118209866498", "Evri", "H00"}, {"7055704028461573890", "DPD", "1550"}}
	}
	return []carrier{{"6841743441349706241", "GHN", "GHN"}, {"6817910312186537730", "J&T Express", "84"}, {"7010427283364021505", "Viettel Post", "VTP"}}
}

package market

// The limits of a package, those that carriers in the US commonly have: 70
// pounds, 108 inches on the longest side.
const (
	MaxPackageGrams = 31_751
	MaxPackageSide  = 2_743
)

// Reason is the key of a cancel reason: Britain has variants of its own.
func (r *Region) Reason(key string) string {
	if r.Code == "GB" {
		return key + "_uk"
	}
	return key
}

// Carrier is a shipping provider.
type Carrier struct{ ID, Name, Prefix string }

// Carriers lists the shipping providers of a market.
func Carriers(region string) []Carrier {
	switch region {
	case "US":
		return []Carrier{{"7117858858072016686", "USPS", "9400"}, {"7117859084333745966", "UPS", "1Z"}, {"7129720299146184490", "FedEx", "7712"}}
	case "GB":
		return []Carrier{{"6965790118209833730", "Royal Mail", "RM"}, {"6965790118209866498", "Evri", "H00"}, {"7055704028461573890", "DPD", "1550"}}
	case "BR":
		return []Carrier{{"7336145010211432198", "Correios", "BR"}, {"7336145010211464966", "Loggi", "LGG"}, {"7336145010211497734", "J&T Express", "888"}}
	}
	return []Carrier{{"6841743441349706241", "GHN", "GHN"}, {"6817910312186537730", "J&T Express", "84"}, {"7010427283364021505", "Viettel Post", "VTP"}}
}

package logistics

// The codes of delivery options.
const (
	codeOptionUnknown  = 21008116
	codeOptionPlatform = 21008117 // the platform ships it
)

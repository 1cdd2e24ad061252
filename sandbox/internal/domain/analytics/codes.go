package analytics

// The codes of analytics.
const (
	codeAnalyticsUnknown = 28001007
	codeAnalyticsPeriod  = 28001022
)

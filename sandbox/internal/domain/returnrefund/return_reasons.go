package returnrefund

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// getRejectReasons lists the reasons with which a request could be refused now.
func getRejectReasons(c *gate.Call) *gate.Failure {
	q, f := requestOf(c, c.Shop)
	if f != nil {
		return f
	}
	c.JSON(struct {
		Reasons []reasonView `json:"reasons"`
	}{q.reasons(c)})
	return nil
}

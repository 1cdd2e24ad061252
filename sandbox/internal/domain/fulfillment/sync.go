package fulfillment

import (
	"slices"
	"strconv"

	"github.com/ttshop-go/ttshop/sandbox/internal/domain/trade"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// syncPackages takes the report of a warehouse provider that packages have left
// it. Packages that the seller does not have, or that are cancelled, are turned
// down; what the report does to the others is not documented, so it changes
// nothing: carriers are moved through the control API.
func syncPackages(c *gate.Call) *gate.Failure {
	var in struct {
		Packages []struct {
			ID string `json:"id"`
		} `json:"packages"`
	}
	if f := c.Decode(&in); f != nil {
		return f
	}
	if len(in.Packages) == 0 {
		return gate.Fail(codeSyncEmpty, "'packages' is empty")
	}
	type detail struct {
		PackageID string `json:"package_id"`
	}
	type problem struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Detail  detail `json:"detail"`
	}
	answer := struct {
		Taken  []string  `json:"success_packages"`
		Errors []problem `json:"errors,omitempty"`
	}{Taken: []string{}}
	for _, p := range in.Packages {
		if reason := syncPackage(c, p.ID); reason != "" {
			answer.Errors = append(answer.Errors, problem{strconv.Itoa(codeSyncRejected), reason, detail{p.ID}})
			continue
		}
		answer.Taken = append(answer.Taken, p.ID)
	}
	c.JSON(answer)
	return nil
}

// syncPackage tells why a package cannot have left the warehouse, or "".
func syncPackage(c *gate.Call, id string) string {
	s := c.State.World.Owners.Of(id)
	if s == nil || !slices.Contains(c.Grant.Shops, s) {
		return "no package has the id " + id
	}
	s.Mu.RLock()
	defer s.Mu.RUnlock()
	switch p := trade.Of(s).Packages[id]; {
	case p == nil:
		return "no package has the id " + id
	case p.Status == trade.PackageCancelled:
		return "package " + id + " was cancelled"
	}
	return ""
}

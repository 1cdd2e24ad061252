package sandbox

import (
	"slices"
	"strconv"
)

// Codes of the reports of warehouse providers.
const (
	codeSyncRejected = 39003016
	codeSyncEmpty    = 39003018
)

// syncPackages takes the report of a warehouse provider that packages have left
// it. Packages that the seller does not have, or that are cancelled, are turned
// down; what the report does to the others is not documented, so it changes
// nothing: carriers are moved through the control API.
func syncPackages(c *call) *failure {
	var in struct {
		Packages []struct {
			ID string `json:"id"`
		} `json:"packages"`
	}
	if f := c.decode(&in); f != nil {
		return f
	}
	if len(in.Packages) == 0 {
		return fail(codeSyncEmpty, "'packages' is empty")
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
	c.json(answer)
	return nil
}

// syncPackage tells why a package cannot have left the warehouse, or "".
func syncPackage(c *call, id string) string {
	s := c.state.world.owners.of(id)
	if s == nil || !slices.Contains(c.grant.shops, s) {
		return "no package has the id " + id
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	switch p := tradeOf(s).Packages[id]; {
	case p == nil:
		return "no package has the id " + id
	case p.Status == packageCancelled:
		return "package " + id + " was cancelled"
	}
	return ""
}

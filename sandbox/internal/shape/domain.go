// Package shape answers the operations that no domain has state for: from the
// fields of their results, with what the shop has and what the caller sent.
package shape

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Register adds what links in made-up answers lead to.
func Register(r *gate.Registry) { r.Serve("GET "+world.FilePrefix+"{name}", serveFile) }

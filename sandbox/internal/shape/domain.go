package shape

import (
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
	"github.com/ttshop-go/ttshop/sandbox/internal/world"
)

// Register adds what links in made-up answers lead to.
func Register(r *gate.Registry) { r.Serve("GET "+world.FilePrefix+"{name}", serveFile) }

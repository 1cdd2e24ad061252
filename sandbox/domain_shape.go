package sandbox

// registerShape adds what links in made-up answers lead to.
func registerShape(r *registry) { r.serve("GET "+filePrefix+"{name}", serveFile) }

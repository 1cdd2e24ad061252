package sandbox

const (
	minMainImagePixels = 300
	maxMainImagePixels = 4000
)

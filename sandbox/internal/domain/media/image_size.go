package media

const (
	MinMainImagePixels = 300
	MaxMainImagePixels = 4000
)

package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// cup draws a cup of the given colour on a soft ground, as PNG.
func cup(size int, c color.RGBA) []byte {
	img := image.NewPaletted(image.Rect(0, 0, size, size), palette(c))
	n := float64(size)
	for y := range size {
		for x := range size {
			img.SetColorIndex(x, y, cupColor(float64(x)/n, float64(y)/n))
		}
	}
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// palette is 8 shades of ground and 8 of the cup.
func palette(c color.RGBA) color.Palette {
	var p color.Palette
	for i := range 8 {
		g := uint8(236 + 2*i)
		p = append(p, color.RGBA{g, g, uint8(min(int(g)+4, 255)), 255})
	}
	for i := range 8 {
		shade := 0.6 + 0.06*float64(i)
		p = append(p, color.RGBA{uint8(float64(c.R) * shade), uint8(float64(c.G) * shade), uint8(float64(c.B) * shade), 255})
	}
	return p
}

func cupColor(x, y float64) uint8 {
	ground := uint8(min(7, 7*(1-math.Hypot(x-0.5, y-0.5))))
	half := 0.24 - 0.07*(y-0.32)/0.43
	body := y > 0.32 && y < 0.75 && math.Abs(x-0.45) < half
	handle := math.Abs(math.Hypot((x-0.68)/0.8, y-0.5)-0.12) < 0.025 && x > 0.66
	if body || handle {
		return 8 + uint8(min(7, max(0, 7*(1-math.Abs(x-0.38)*2.6))))
	}
	if y > 0.76 && y < 0.79 && math.Abs(x-0.45) < 0.22 {
		return 0
	}
	return ground
}

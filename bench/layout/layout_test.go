package main

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"tearline/bench/kit/kittest"
	"tearline/codec/pdf"
	"tearline/internal/pdftext/pdfium"
)

// TestMain is also the process that draws.
func TestMain(m *testing.M) {
	status := pdfium.Process(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	if status < 0 {
		status = m.Run()
	}
	os.Exit(status)
}

// TestBenchmarks runs each benchmark at its smallest, and checks the shape of
// its lines.
func TestBenchmarks(t *testing.T) {
	if testing.Short() {
		t.Skip("the reader of PDFs takes seconds to prepare")
	}
	dir := t.TempDir()
	t.Setenv("TEARLINE_IMAGES", dir)
	p := program
	p.Full = short
	p.Full.shifts, p.Full.channels = []float64{pdf.Shift}, []channel{channels[1], channels[4]}
	kittest.All(t, &p)
	for _, name := range []string{"copy-a.png", "copy-b.png", "copies-differ.png"} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join("..", "..", "docs", "images", name))
		if err != nil || string(got) != string(want) {
			t.Errorf("%s is not that of docs/images: TEARLINE_IMAGES=../../docs/images go run . images; %v", name, err)
		}
		if len(got) > 150<<10 {
			t.Errorf("%s has %d bytes", name, len(got))
		}
	}
}

func TestTail(t *testing.T) {
	for _, tt := range []struct {
		m, k int
		want float64
	}{{0, 0, 1}, {1, 1, .5}, {10, 0, 1}, {44, 41, 8.1e-10}, {34, 34, math.Pow(2, -34)}} {
		if got := tail(tt.m, tt.k); math.Abs(got/tt.want-1) > .01 {
			t.Errorf("%d of %d: %v, want %v", tt.k, tt.m, got, tt.want)
		}
	}
}

// TestWarp sees that the corners of the page are where they are said to be.
func TestWarp(t *testing.T) {
	c := channel{bend: [4][2]float64{{.1, .2}, {-.1, 0}, {0, -.1}, {.05, 0}}}
	w, h := 100.0, 200.0
	warp := c.warp(w, h)
	for i, at := range [4][2]float64{{0, 0}, {w, 0}, {w, h}, {0, h}} {
		x, y := warp(at[0]+c.bend[i][0]*w, at[1]+c.bend[i][1]*w)
		if math.Hypot(x-at[0], y-at[1]) > 1e-6 {
			t.Errorf("corner %d is at %v, %v", i, x, y)
		}
	}
	turned := channel{angle: 90}
	if x, y := turned.warp(w, w)(0, 0); math.Hypot(x, y-w) > 1e-6 {
		t.Errorf("what is turned by a quarter has at its upper left %v, %v", x, y)
	}
}

func TestNormal(t *testing.T) {
	d := &dice{3}
	sum, squares := 0.0, 0.0
	const n = 20_000
	for range n {
		v := d.normal()
		sum, squares = sum+v, squares+v*v
	}
	if mean, variance := sum/n, squares/n; math.Abs(mean) > .03 || math.Abs(variance-1) > .05 {
		t.Errorf("mean %v, variance %v", mean, variance)
	}
}

// Package theme is how the terminal looks: sizes in millimetres, the palette, the type family.
//
// The rule of this folder: every size and colour on a screen comes from a [Look]; no screen and no widget names a pixel or a colour of its
// own. It imports Fyne, the fonts and kiosk (for what a patient may choose), nothing else of the project.
package theme

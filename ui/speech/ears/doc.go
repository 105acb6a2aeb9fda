// Package ears turns texts that were written for eyes into texts for ears: times, days, floors and figures in words,
// rooms and telephones digit by digit.
//
// The rule of this folder: it knows languages, and neither pages nor programs that speak. It says nothing that the text
// does not say. A language that it does not know is spoken as it is written.
package ears

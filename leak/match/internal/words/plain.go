package words

// Plain are the function words of English: they say nothing about what a
// text draws on, however few portions there are to learn that from.
const Plain = `a about after again against all also am an and any are as at be because been before being between both but by
can could did do does down during each either few first for from had has have he her here him his how however i if in into is it its
last made make many may me might more most much must my near new no nor not now of off on once one only or other our out over own per said same
say says she should since so some still such than that the their them then there these they this those through to too two under
until up upon us very was we were what when where whether which while who whom whose why will with within without would year years yet you your`

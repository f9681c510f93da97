/**
 * The words of the safety code: short, plain, hard to mistake for each other when read aloud.
 *
 * Exactly 256, one for each value of a byte. Both pages have to hold the same list in the same
 * order, so another language needs a list of its own and a way to agree on it.
 */
export const SAFETY_WORDS: readonly string[] = `
  acorn actor album almond anchor apple apron arch arrow artist atlas autumn bagel baker balcony
  bamboo banana banjo barn basil basket beach beard bell bench berry bicycle bird biscuit blanket
  boat bonnet book bottle bowl bread bridge broom brush bucket butter cabin cactus cake camel
  candle canoe canvas carpet carrot castle cedar cello chair chalk cheese cherry chess chimney
  cinema circle citrus cliff clock cloud clover coconut comet compass cookie copper coral cotton
  cousin cradle crayon cricket crown cup curtain daisy dancer desert diamond dinner doctor dolphin
  donkey door dragon drum duck eagle elephant ember engine evening falcon family farmer feather
  fern fiddle finger flag flame flower flute forest fountain fox friend frost garden garlic ginger
  giraffe glass globe glove gold grape grass guitar hammer harbor harp hazel hedge helmet heron
  hill honey horse house island ivory jacket jasmine jelly jewel jungle kettle key kitchen kite
  ladder lake lamp lantern lemon letter lily linen lion lizard lunch magnet mango maple marble
  market meadow melon mirror mitten monkey moon morning mountain music napkin needle nest north
  nutmeg ocean olive onion orange orchard ostrich otter oven paint palace panda paper parrot peach
  pearl pebble pencil pepper piano pillow pilot planet pocket poem poppy potato pumpkin puzzle
  queen quilt rabbit radio raven ribbon river robin rocket rose saddle sailor salad salmon scarf
  school silver singer sister snow spoon spring squirrel stone summer sunset swan table tailor
  teapot thunder tiger tomato tower train tulip tunnel turtle uncle valley velvet village violin
  wagon walnut water whale willow window winter wolf zebra
`
  .trim()
  .split(/\s+/u);

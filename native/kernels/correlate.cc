// Runs a Correlation: bands of target rows are shared out to the threads; each goes through the panels of weights, and
// in a panel through its pixels in register tiles. Where windows reach over the edge, the band's source rows are first
// copied with zeros around them; the copy is small against the work.
#include "correlate.h"

#include "picture_rows.h"
#include "window_tile.h"

namespace cajal::CAJAL_ISA {
namespace {

// Pixels for which a panel of weights is read once: enough to pay for bringing a large panel nearer.
constexpr int64_t kBandPixels = 128;
// A copied band should stay in the second-level cache.
constexpr int64_t kBandFloats = 64 * 1024;
// Pixels of a band that is handed over: with the few filters of a first layer it stays in the caches next to a core.
constexpr int64_t kReadPixels = 320;
// Enough tiles for the threads to share evenly.
constexpr int64_t kEnoughTiles = 24;
// How far ahead unpacked weights are asked for.
constexpr int64_t kStepsAhead = 16;
// A larger target is written past the caches.
constexpr int64_t kStreamedFloats = 6 * 1024 * 1024;

struct Plan {
  int64_t reach_height, reach_width;  // source rows and columns that a window spans
  int64_t segments, length;           // columns of taps that lie side by side are one stretch of memory
  bool is_joined;
  bool is_copied;
  int64_t band_rows, row_bands;        // target rows of a band, and bands of a picture
  int64_t band_columns, column_bands;  // the same for columns
  int64_t copy_rows, copy_columns;     // source rows and columns of a band
  int64_t groups;                      // so many groups of panels have tiles of their own
};

Plan make_plan(const Correlation& x) {
  Plan plan = {};
  plan.is_joined = x.tap_column_step == 1 || x.column_taps <= 1;
  plan.segments = plan.is_joined ? x.row_taps * (x.column_taps > 0) : x.row_taps * x.column_taps;
  plan.length = (plan.is_joined ? x.column_taps : 1) * x.channels;
  plan.reach_height = (x.row_taps - 1) * x.tap_row_step + 1;
  plan.reach_width = (x.column_taps - 1) * x.tap_column_step + 1;
  const auto source_rows = [&](int64_t rows) { return (rows - 1) * x.step_height + plan.reach_height; };
  const auto source_columns = [&](int64_t columns) { return (columns - 1) * x.step_width + plan.reach_width; };
  plan.is_copied = plan.segments > 0 && (x.source_pixel != x.channels || x.tap_row < 0 || x.tap_column < 0 ||
                                         x.tap_row + source_rows(x.rows) > x.height ||
                                         x.tap_column + source_columns(x.columns) > x.width);
  const bool in_units = x.read_band || x.is_pooled;
  const int64_t row_unit = in_units ? x.row_unit : 1, column_unit = in_units ? x.column_unit : 1;
  const int64_t most_pixels = in_units ? kReadPixels : kBandPixels;
  const int64_t most_columns = in_units ? larger(1, kReadPixels / row_unit) : 2 * kBandPixels;
  plan.column_bands = ceil_divide(x.columns, most_columns);
  plan.band_columns = round_up(ceil_divide(x.columns, plan.column_bands), column_unit);
  plan.column_bands = ceil_divide(x.columns, plan.band_columns);
  plan.band_rows = larger(1, smaller(x.rows, most_pixels / plan.band_columns) / row_unit) * row_unit;
  plan.copy_columns = source_columns(plan.band_columns);
  while (plan.is_copied && plan.band_rows > row_unit &&
         source_rows(plan.band_rows) * plan.copy_columns * x.channels > kBandFloats) {
    plan.band_rows -= row_unit;
  }
  plan.copy_rows = source_rows(plan.band_rows);
  plan.row_bands = ceil_divide(x.rows, plan.band_rows);
  const int64_t bands = x.pictures * plan.row_bands * plan.column_bands;
  plan.groups = smaller(panel_count(x.filters), ceil_divide(kEnoughTiles, larger(1, bands)));
  return plan;
}

struct Scratch {
  int64_t* segments;
  float* copies;
  int64_t copy_floats;  // for each worker
  float* bands;
  int64_t band_floats;  // for each worker
  size_t bytes;
};

Scratch cut_scratch(const Correlation& x, const Plan& plan, uint8_t* start, int threads) {
  ScratchCutter cutter(start);
  Scratch scratch = {};
  scratch.segments = cutter.take<int64_t>(plan.segments);
  if (plan.is_copied) {
    scratch.copy_floats = round_up(plan.copy_rows * plan.copy_columns * x.channels, 16);
    scratch.copies = cutter.take<float>(scratch.copy_floats * threads);
  }
  if (x.read_band) {
    scratch.band_floats = round_up(plan.band_rows * plan.band_columns * x.filters, 16);
    scratch.bands = cutter.take<float>(scratch.band_floats * threads);
  }
  scratch.bytes = cutter.bytes();
  return scratch;
}

// One panel of a band whose windows are pooled.
void run_pooled(const Correlation& x, const Plan& plan, const Scratch& scratch, const Band& band, const float* source,
                int64_t pitch, int64_t panel) {
  const int64_t steps = plan.segments * plan.length;
  WindowTile t = {};
  t.columns = panel_columns(panel, x.filters);
  t.a_segments = scratch.segments;
  t.a_column = x.step_width * x.channels;
  t.a_row = x.step_height * pitch;
  t.b = x.panels + panel * kTileColumns * (x.is_unpacked ? 1 : steps);
  t.b_step = x.is_unpacked ? x.filters : panel_width(t.columns);
  t.b_segment = plan.length * t.b_step;
  t.pitch = x.filters;
  t.segments = plan.segments;
  t.length = plan.length;
  t.bias = x.bias ? x.bias + panel * kTileColumns : nullptr;
  t.relu = x.relu;
  const int64_t pooled_rows = x.rows / 2, pooled_columns = x.columns / 2;
  int64_t at = (band.picture * pooled_rows + band.first_row / 2) * pooled_columns + band.first_column / 2;
  at = at * x.filters + panel * kTileColumns;
  for (int64_t row = 0; row < band.rows; row += 2, at += pooled_columns * x.filters) {
    t.a = source + row * x.step_height * pitch;
    t.y = x.pooled.y + at;
    t.places = x.pooled.places + at;
    run_windows(t, band.columns / 2);
  }
}

}  // namespace

size_t correlate_scratch(const Correlation& correlation, int threads) {
  return cut_scratch(correlation, make_plan(correlation), nullptr, threads).bytes;
}

void correlate(const Correlation& x, uint8_t* scratch_start, Parallel* parallel) {
  if (x.rows <= 0 || x.columns <= 0 || x.pictures <= 0) return;
  const Plan plan = make_plan(x);
  const Scratch scratch = cut_scratch(x, plan, scratch_start, parallel->threads);
  const int64_t pitch = (plan.is_copied ? plan.copy_columns : x.width) * x.channels;
  for (int64_t segment = 0; segment < plan.segments; segment++) {
    const int64_t i = plan.is_joined ? segment : segment / x.column_taps;
    const int64_t j = plan.is_joined ? 0 : segment % x.column_taps;
    scratch.segments[segment] = i * x.tap_row_step * pitch + j * x.tap_column_step * x.channels;
  }
  const int64_t steps = plan.segments * plan.length, panels = panel_count(x.filters);
  const int64_t bands = x.pictures * plan.row_bands * plan.column_bands;

  parallel_for(parallel, bands * plan.groups, [&](int64_t tile, int worker) {
    const int64_t group = tile / bands, band = tile % bands;
    const int64_t picture = band / (plan.row_bands * plan.column_bands);
    const int64_t first_row = band / plan.column_bands % plan.row_bands * plan.band_rows;
    const int64_t first_column = band % plan.column_bands * plan.band_columns;
    const int64_t rows = smaller(x.rows - first_row, plan.band_rows);
    const int64_t columns = smaller(x.columns - first_column, plan.band_columns);
    const int64_t top = first_row * x.step_height + x.tap_row, left = first_column * x.step_width + x.tap_column;
    const float* source = x.source + picture * x.height * x.width * x.source_pixel;
    if (plan.is_copied) {
      float* copy = scratch.copies + worker * scratch.copy_floats;
      copy_rows(source, x.height, x.width, x.source_pixel, x.channels, top, (rows - 1) * x.step_height + plan.reach_height, left,
                plan.copy_columns, copy);
      source = copy;
    } else if (plan.segments > 0) {
      source += top * pitch + left * x.channels;
    }
    const int64_t first_panel = group * panels / plan.groups, last_panel = (group + 1) * panels / plan.groups;
    const bool streams = !x.read_band && x.pictures * x.target_picture > kStreamedFloats;
    Band read = {scratch.bands + worker * scratch.band_floats, picture, first_row, rows, first_column, columns, 0, 0};
    read.first_filter = first_panel * kTileColumns;
    read.filters = smaller(x.filters, last_panel * kTileColumns) - read.first_filter;
    // Where filter 0 of the band's first pixel is, or would be.
    float* target = x.read_band ? scratch.bands + worker * scratch.band_floats - read.first_filter
                                : x.target + picture * x.target_picture + first_row * x.target_row +
                                      first_column * x.target_pixel;
    const int64_t target_pixel = x.read_band ? read.filters : x.target_pixel;
    const int64_t target_row = x.read_band ? columns * read.filters : x.target_row;
    for (int64_t panel = first_panel; panel < last_panel; panel++) {
      if (x.is_pooled) {
        run_pooled(x, plan, scratch, read, source, pitch, panel);
        continue;
      }
      Tile t = {};
      t.columns = panel_columns(panel, x.filters);
      t.a_segments = scratch.segments;
      t.a_row = x.step_width * x.channels;
      t.a_step = 1;
      t.b = x.panels + panel * kTileColumns * (x.is_unpacked ? 1 : steps);
      t.b_step = x.is_unpacked ? x.filters : panel_width(t.columns);
      if (x.is_unpacked) {
        t.ahead = t.b + kStepsAhead * x.filters;
        t.ahead_step = x.filters;
        t.ahead_parts = 1;
      }
      t.b_segment = plan.length * t.b_step;
      t.c_row = target_pixel;
      t.segments = plan.segments;
      t.length = plan.length;
      t.bias = x.bias ? x.bias + panel * kTileColumns : nullptr;
      t.accumulate = false;
      t.relu = x.relu;
      t.streams = streams;
      for (int64_t row = 0; row < rows; row++) {
        t.a = source + row * x.step_height * pitch;
        t.c = target + row * target_row + panel * kTileColumns;
        run_strip<Rows::kStrided>(t, columns);
      }
    }
    if (x.read_band) x.read_band(x.reader, read);
    if (streams) finish_streaming();
  });
}

}  // namespace cajal::CAJAL_ISA

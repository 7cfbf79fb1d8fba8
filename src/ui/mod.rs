//! Model to cells. Pure.

/// Draws the desk.
pub fn view(
    model: &crate::app::model::Model,
    area: ratatui::layout::Rect,
    buf: &mut ratatui::buffer::Buffer,
) {
    use ratatui::widgets::Widget as _;
    let lines: Vec<String> = model
        .orders
        .view
        .iter()
        .take(20)
        .filter_map(|at| model.orders.orders.at(*at))
        .map(|row| format!("{} {}", row.id, model.orders.orders.title(row)))
        .collect();
    ratatui::widgets::Paragraph::new(format!(
        "{:?}\n{:?}\n{}",
        model.told,
        model.orders.sync,
        lines.join("\n")
    ))
    .render(area, buf);
}
